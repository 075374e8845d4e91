namespace Fermata.Runtime;

/// <summary>References in tables and globals of an instance, as an image has them: without the instance.</summary>
/// <param name="instance">The instance.</param>
/// <param name="convert">Converts objects that are not the instance's own to what is kept of them, or back; null if there are none.</param>
internal sealed class ImageReferences(Instance instance, Func<object, object?>? convert)
{
    private Dictionary<Function, int>? _imported;

    /// <summary>What an image has for a reference.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="type">The type of its place.</param>
    /// <param name="place">What its place is called, for messages.</param>
    /// <exception cref="NotSupportedException">An image cannot have it.</exception>
    public object? Save(object? reference, ValType type, Func<string> place) => reference switch
    {
        null or I31 => reference,
        Function function when function.Instance == instance => new FunctionIndex(function.Index),
        Function function when Imported.TryGetValue(function, out var index) => new FunctionIndex(index),
        _ when type.Heap != HeapType.Extern && reference is not Function => throw new NotSupportedException($"An image cannot have the reference in {place()}, of type {type}: only functions, and objects of the host."),
        _ when convert is null => throw new NotSupportedException($"What is in {place()} is not the instance's own ({reference.GetType()}): the image must be told what to keep of it."),
        _ => new Foreign(convert(reference)),
    };

    /// <summary>The reference in the instance that there is for one of an image.</summary>
    public object? Load(object? saved) => saved switch
    {
        FunctionIndex function => instance.FunctionAt(function.Index),
        Foreign foreign => foreign.Kept is not { } kept ? null
            : convert is not null ? convert(kept)
            : throw new InvalidOperationException("The image has objects that are not the instance's own, and nothing says what is to be in their place."),
        _ => saved,
    };

    private Dictionary<Function, int> Imported
    {
        get
        {
            if (_imported is not null)
                return _imported;
            _imported = new(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < instance.Module.Definition.ImportedFunctionCount; i++)
                _imported.TryAdd(instance.FunctionAt(i), i);
            return _imported;
        }
    }

    /// <summary>A function that the module has or imports.</summary>
    private sealed record FunctionIndex(int Index);

    /// <summary>What is kept of an object that is not the instance's own.</summary>
    private sealed record Foreign(object? Kept);
}

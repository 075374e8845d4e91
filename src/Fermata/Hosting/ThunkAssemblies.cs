using Fermata.Compilation;

namespace Fermata.Hosting;

/// <summary>The assemblies for the code between delegates and WebAssembly, by what their code may use. Safe for use by several threads.</summary>
internal sealed class ThunkAssemblies
{
    private readonly Dictionary<string, ThunkAssembly> _private = [];

    /// <summary>Where code goes that uses only public types.</summary>
    public ThunkAssembly Visible { get; } = new();

    /// <summary>A delegate type may be private to its assembly, as may be those that it consists of.</summary>
    public ThunkAssembly For(DelegateSignature signature)
    {
        if (signature.DelegateType.IsVisible && signature.Completion?.Invoke.DeclaringType!.IsVisible != false)
            return Visible;

        var names = new SortedSet<string>(StringComparer.Ordinal);
        AddAssemblies(names, signature.DelegateType);
        if (signature.Completion is { } completion)
        {
            AddAssemblies(names, completion.Invoke.DeclaringType!);
            AddAssemblies(names, completion.Invoke.ReturnType);
        }

        foreach (var type in signature.Parameters)
            AddAssemblies(names, type);
        AddAssemblies(names, signature.Awaited);
        var key = string.Join('\n', names);
        lock (_private)
        {
            if (!_private.TryGetValue(key, out var assembly))
                _private.Add(key, assembly = new ThunkAssembly([.. names]));
            return assembly;
        }
    }

    private static void AddAssemblies(SortedSet<string> names, Type type)
    {
        for (; type.HasElementType; type = type.GetElementType()!)
        {
        }

        if (type.Assembly != typeof(object).Assembly)
            names.Add(type.Assembly.GetName().Name!);
        foreach (var argument in type.GetGenericArguments())
            AddAssemblies(names, argument);
    }
}

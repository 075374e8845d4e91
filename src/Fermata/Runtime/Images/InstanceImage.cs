using Fermata.Runtime;

namespace Fermata;

/// <summary>
/// What an instance has at one time: the contents of its memories, tables and mutable globals, also of those that it imports, and which of its segments were dropped. Further
/// instances of the module can begin there, in place of running what led to it. On Linux they share the pages of memories that they do not write to.
/// </summary>
/// <remarks>An image holds no part of the store that it was made in, which may be disposed. Any number of instances may be given one at once.</remarks>
public sealed class InstanceImage : IDisposable
{
    private readonly MemoryImage[] _memories;
    private readonly TableImage[] _tables;
    private readonly GlobalImage[] _globals;
    private readonly bool[] _hasData, _hasElements;

    private InstanceImage(Instance instance, ImageReferences references)
    {
        Module = instance.Module;
        _hasData = Array.ConvertAll(instance.Data, data => !data.Bytes.IsEmpty);
        _hasElements = Array.ConvertAll(instance.Elements, elements => elements.Elements.Length > 0);
        _globals = Array.ConvertAll(instance.Globals, global => GlobalImage.Of(global, references));
        _tables = Array.ConvertAll(instance.Tables, table => new TableImage(table, references));
        _memories = Array.ConvertAll(instance.Memories, MemoryImage.Of);
    }

    /// <summary>The module whose instances can begin with the image.</summary>
    public Module Module { get; }

    /// <summary>Makes the image of an instance as it is. No call of its store may be suspended.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="save">
    /// What is to be kept for an object in a table or global that is not the instance's own: one of the host (externref), or a function of another instance or of the host that the
    /// module does not import. <c>load</c> of <see cref="Linker.Instantiate(Store, InstanceImage, Func{object, object?}?)"/> makes one of it for another instance. Null if there is none.
    /// </param>
    /// <exception cref="NotSupportedException">
    /// The instance has something that an image cannot have: a shared memory; a reference to a structure, array or exception; or an object that is not its own, and there is no
    /// <paramref name="save"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">Calls of the store are suspended.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    /// <exception cref="IOException">The system has no memory for it.</exception>
    public static InstanceImage Capture(Instance instance, Func<object, object?>? save = null)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var store = instance.Store;
        store.Scheduler.EnterTurn();
        try
        {
            store.ThrowIfDisposed();
            if (store.Scheduler.Tasks().Count > 0)
                throw new InvalidOperationException("There can be no image of an instance while calls of its store are suspended, which an image does not have.");
            return new InstanceImage(instance, new ImageReferences(instance, save));
        }
        finally
        {
            store.Scheduler.LeaveTurn();
        }
    }

    /// <summary>Frees what no instance uses.</summary>
    public void Dispose()
    {
        foreach (var memory in _memories)
            memory.Dispose();
    }

    /// <summary>Whether a data segment was not dropped.</summary>
    internal bool HasData(int segment) => _hasData[segment];

    /// <summary>Whether an element segment was not dropped.</summary>
    internal bool HasElements(int segment) => _hasElements[segment];

    /// <summary>Gives a new instance what the image has. The turn is held.</summary>
    internal void Restore(Instance instance, Func<object, object?>? load)
    {
        var references = new ImageReferences(instance, load);
        foreach (var (image, memory) in _memories.Zip(instance.Memories))
            memory.Load(image);
        foreach (var (image, table) in _tables.Zip(instance.Tables))
            image.Restore(table, references);
        foreach (var (image, global) in _globals.Zip(instance.Globals))
            image.Restore(global, references);
    }
}

using Fermata.Wasi;

namespace Fermata.Emscripten;

/// <summary>The files that are mapped to memory, which stay open until that ends, also if the program closes its file descriptors.</summary>
internal sealed class MappedFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Descriptor> _files = [];

    public bool Any
    {
        get
        {
            lock (_lock)
                return _files.Count > 0;
        }
    }

    /// <summary>Remembers a file, of which the caller has begun a use.</summary>
    /// <param name="address">Where it is mapped.</param>
    /// <param name="file">The file.</param>
    public void Add(uint address, Descriptor file)
    {
        lock (_lock)
            _files[address] = file;
    }

    /// <summary>The file that is mapped at an address; null if there is none.</summary>
    public Descriptor? Find(uint address)
    {
        lock (_lock)
            return _files.GetValueOrDefault(address);
    }

    /// <summary>Takes a file out, whose use the caller ends; null if there is none.</summary>
    public Descriptor? Remove(uint address)
    {
        lock (_lock)
            return _files.Remove(address, out var file) ? file : null;
    }

    /// <summary>Takes all out.</summary>
    public Descriptor[] RemoveAll()
    {
        lock (_lock)
        {
            Descriptor[] all = [.. _files.Values];
            _files.Clear();
            return all;
        }
    }
}

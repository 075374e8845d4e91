namespace Fermata.Emscripten.DynamicLinking;

/// <summary>The custom section <c>dylink.0</c>: what a module that is linked when the program runs wants (WebAssembly tool conventions, "Dynamic Linking").</summary>
internal sealed record DylinkSection
{
    public const string Name = "dylink.0";

    /// <summary>How many bytes of memory it has.</summary>
    public uint MemorySize { get; init; }

    /// <summary>What the address of its memory is a multiple of: 2 to the power of this.</summary>
    public int MemoryAlignment { get; init; }

    /// <summary>How many elements of the table it has.</summary>
    public uint TableSize { get; init; }

    /// <summary>What the index of its first element is a multiple of: 2 to the power of this.</summary>
    public int TableAlignment { get; init; }

    /// <summary>The libraries that it needs, which are loaded before it.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>Directories in which these are looked for first.</summary>
    public IReadOnlyList<string> RuntimePaths { get; init; } = [];

    /// <summary>The symbols that it can do without.</summary>
    public IReadOnlySet<string> Weak { get; init; } = new HashSet<string>();

    /// <summary>The section of a module; null if it has none.</summary>
    /// <exception cref="DynamicLinkException">It is malformed.</exception>
    public static DylinkSection? Find(ModuleInfo module) =>
        module.CustomSections.FirstOrDefault(section => section.Name == Name) is { } found ? new DylinkReader(found.Content.Span).Read() : null;
}

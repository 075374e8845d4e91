using Fermata.Structure;

namespace Fermata;

/// <summary>A custom section of a module (section 5.5.3 "Custom Section"): bytes that WebAssembly gives no meaning to.</summary>
public sealed class CustomSection
{
    internal CustomSection(string name, ReadOnlyMemory<byte> content)
    {
        Name = name;
        Content = content;
    }

    /// <summary>The name. Several sections of a module may have the same one.</summary>
    public string Name { get; }

    /// <summary>The bytes after the name.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The name and the number of bytes.</summary>
    public override string ToString() => $"{HostileText.Quoted(Name)} {Content.Length} bytes";
}

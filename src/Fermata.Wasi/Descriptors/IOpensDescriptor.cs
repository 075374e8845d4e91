namespace Fermata.Wasi;

/// <summary>A file for which programs have a descriptor of a kind of its own.</summary>
internal interface IOpensDescriptor
{
    /// <summary>Makes the descriptor.</summary>
    Descriptor Open(Rights rights, FdFlags flags, DescriptorSource? source);
}

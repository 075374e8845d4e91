namespace Fermata.Wasi;

/// <summary>What a file descriptor was when a snapshot was made.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Source">Where it is from.</param>
/// <param name="Rights">What may be done with it.</param>
/// <param name="Inheriting">What may be done with those that are opened through it.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Position">Where reading and writing goes on.</param>
/// <param name="State">What else it says of itself.</param>
internal sealed record DescriptorState(int Number, DescriptorSource Source, Rights Rights, Rights Inheriting, FdFlags Flags, long Position, byte[] State)
{
    /// <exception cref="NotSupportedException">A snapshot cannot have it.</exception>
    public static DescriptorState Of(int number, Descriptor descriptor) =>
        new(
            number, descriptor.Source ?? throw new NotSupportedException($"A snapshot cannot have file descriptor {number}, {Describe(descriptor)} that the program has open."),
            descriptor.Rights, descriptor.Inheriting, descriptor.Flags, descriptor.Position, descriptor.State);

    private static string Describe(Descriptor descriptor) => descriptor switch
    {
        SocketDescriptor => "a socket",
        PipeDescriptor => "a pipe",
        DirectoryDescriptor => "a directory",
        _ => "a file",
    };
}

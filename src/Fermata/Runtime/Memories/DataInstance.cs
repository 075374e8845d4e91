namespace Fermata.Runtime;

/// <summary>A data segment at run time (section 4.2.13 "Data Instances").</summary>
internal sealed class DataInstance(ReadOnlyMemory<byte> bytes)
{
    internal ReadOnlyMemory<byte> Bytes { get; private set; } = bytes;

    /// <summary><c>data.drop</c>: the segment is empty from now on.</summary>
    internal void Drop() => Bytes = default;
}

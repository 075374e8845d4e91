using Fermata.Binary;

namespace Fermata.Text;

/// <summary>The parameters and results of a function type as they are read.</summary>
internal sealed class Signature
{
    public List<ValType> Parameters { get; } = [];

    public List<ValType> Results { get; } = [];

    public bool IsEmpty => Parameters.Count == 0 && Results.Count == 0;

    public void Clear()
    {
        Parameters.Clear();
        Results.Clear();
    }

    /// <summary>Writes the function type (section 5.3.7 "Composite Types").</summary>
    public void Write(ByteWriter to)
    {
        to.WriteByte(0x60);
        to.WriteValTypes(Parameters);
        to.WriteValTypes(Results);
    }
}

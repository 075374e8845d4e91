using Fermata.Binary;
using Fermata.Text;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>The module in the binary format, in its canonical form: everything in its shortest encoding.</summary>
    /// <remarks>
    /// Custom sections are kept as they are, at their places. Where the module was loaded from bytes that were not canonical, offsets
    /// into its code that a custom section has, such as debug information, may no longer fit.
    /// </remarks>
    public byte[] ToBytes() => ModuleWriter.Write(Definition);

    /// <summary>The module in the text format.</summary>
    /// <param name="style">How instructions are written.</param>
    public string ToText(TextStyle style = TextStyle.Folded)
    {
        using var writer = new StringWriter();
        WriteText(writer, style);
        return writer.ToString();
    }

    /// <summary>Writes the module in the text format.</summary>
    /// <remarks>
    /// Names of the module's name section become identifiers. Where these cannot tell all of the section, as it is damaged for instance, it is
    /// printed as <c>(@custom "name" …)</c> too, which counts. Assembled again, the text is the same module.
    /// </remarks>
    /// <param name="writer">Takes the text, whose lines end with a line feed.</param>
    /// <param name="style">How instructions are written.</param>
    public void WriteText(TextWriter writer, TextStyle style = TextStyle.Folded)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ModulePrinter.Print(Definition, writer, style);
    }
}

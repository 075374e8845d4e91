using Fermata.Text;

namespace Fermata.Tests.Text;

/// <summary>Sections of modules that were assembled from text.</summary>
internal static class Assembling
{
    /// <summary>The content of a section, without its id and size, in hexadecimal digits; null if the module does not have it.</summary>
    public static string? Section(string text, int id)
    {
        ReadOnlySpan<byte> module = TextModule.Assemble(text).Binary.AsSpan(8);
        while (!module.IsEmpty)
        {
            var found = module[0];
            var size = 0;
            var shift = 0;
            var position = 1;
            byte next;
            do
            {
                next = module[position++];
                size |= (next & 0x7F) << shift;
                shift += 7;
            }
            while (next >= 0x80);

            if (found == id)
                return Convert.ToHexStringLower(module.Slice(position, size));
            module = module[(position + size)..];
        }

        return null;
    }

    /// <summary>The instructions of the first function, after its locals, without the last <c>end</c>, in hexadecimal digits.</summary>
    public static string Code(string text)
    {
        var module = TextModule.Assemble(text).Binary;
        var body = Fermata.Binary.ModuleDecoder.Decode(module).Functions.Find(function => function.Body is not null)!.Body!;
        return Convert.ToHexStringLower(module.AsSpan(body.Code.Offset, body.Code.Length - 1));
    }

    /// <summary>The text is refused for this reason at this place.</summary>
    public static void AssertMalformed(string text, string problem, int line, int column)
    {
        var error = Assert.Throws<MalformedModuleException>(() => TextModule.Assemble(text));
        Assert.StartsWith(problem, error.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }
}

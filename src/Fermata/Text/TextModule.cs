using System.Text;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Reads modules in the text format (section 6 "Text Format") by assembling them to the binary format.</summary>
/// <remarks>
/// What comes out is decoded and validated like any other binary module, so there is one decoder for both formats. This layer uses
/// <see cref="Fermata.Structure"/> and <see cref="Fermata.Binary"/>, and nothing else of the engine.
/// </remarks>
internal static class TextModule
{
    /// <inheritdoc cref="Assemble(TextSource, LoadBudget?)"/>
    /// <param name="text">The text.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    public static TextModuleResult Assemble(string text, LoadBudget? budget = null) => Assemble(TextSource.From(text), budget);

    /// <inheritdoc cref="Assemble(TextSource, LoadBudget?)"/>
    /// <param name="utf8">The text in UTF-8.</param>
    public static TextModuleResult Assemble(ReadOnlyMemory<byte> utf8) => Assemble(new TextSource(utf8), null);

    /// <summary>Assembles a text that holds one module, or the fields of one.</summary>
    /// <exception cref="MalformedModuleException">The text is not a module; the exception has the line and the column.</exception>
    private static TextModuleResult Assemble(TextSource source, LoadBudget? budget)
    {
        var cursor = new TokenCursor(source, budget);
        if (!cursor.TryTakeForm("module"u8))
            return AssembleToEnd(cursor, null);
        RefuseScriptModule(cursor);
        var name = cursor.TryTakeIdentifier();
        RefuseScriptModule(cursor);
        var result = AssembleFields(cursor, name);
        cursor.TakeClose();
        if (cursor.Kind != TokenKind.End)
            throw cursor.Unexpected();
        return cursor.FindLeftAnnotation(0, int.MaxValue) is { } annotation
            ? throw cursor.Source.Malformed("misplaced annotation: not among the fields of the module", annotation.Start)
            : result;
    }

    /// <summary>Modules given as strings are no part of section 6 "Text Format", only of the language of the specification's test scripts.</summary>
    private static void RefuseScriptModule(TokenCursor cursor)
    {
        if (cursor.At("binary"u8) || cursor.At("quote"u8) || cursor.At("definition"u8) || cursor.At("instance"u8))
        {
            var keyword = Encoding.UTF8.GetString(cursor.Text);
            throw cursor.Malformed($"unexpected token {keyword}: (module {keyword} …) belongs to test scripts, which fermata wast runs");
        }
    }

    /// <summary>Assembles the fields that come next, up to a parenthesis that closes the form around them or the end of the text.</summary>
    /// <param name="cursor">Stands behind the last field afterwards.</param>
    /// <param name="name">The identifier of the module.</param>
    public static TextModuleResult AssembleFields(TokenCursor cursor, string? name)
    {
        var start = cursor.Position;
        var parser = new TextParser(cursor, null);
        var result = parser.Parse(name);
        if (!parser.NeedsLaterType)
            return result;
        cursor.Position = start;
        return new TextParser(cursor, parser.ImplicitTypes).Parse(name);
    }

    private static TextModuleResult AssembleToEnd(TokenCursor cursor, string? name)
    {
        var result = AssembleFields(cursor, name);
        return cursor.Kind == TokenKind.End ? result : throw cursor.Unexpected();
    }
}

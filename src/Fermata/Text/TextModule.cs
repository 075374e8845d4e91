namespace Fermata.Text;

/// <summary>Reads modules in the text format (section 6 "Text Format") by assembling them to the binary format.</summary>
/// <remarks>
/// What comes out is decoded and validated like any other binary module, so there is one decoder for both formats. This layer uses
/// the instruction table and types in <see cref="Fermata.Structure"/> and nothing else of the engine.
/// </remarks>
internal static class TextModule
{
    /// <inheritdoc cref="Assemble(TextSource)"/>
    public static TextModuleResult Assemble(string text) => Assemble(TextSource.From(text));

    /// <inheritdoc cref="Assemble(TextSource)"/>
    /// <param name="utf8">The text in UTF-8.</param>
    public static TextModuleResult Assemble(ReadOnlyMemory<byte> utf8) => Assemble(new TextSource(utf8));

    /// <summary>Assembles a text that holds one module, or the fields of one.</summary>
    /// <exception cref="MalformedModuleException">The text is not a module; the exception has the line and the column.</exception>
    private static TextModuleResult Assemble(TextSource source)
    {
        var cursor = new TokenCursor(source);
        if (!cursor.TryTakeForm("module"u8))
            return AssembleToEnd(cursor, null);
        var name = cursor.TryTakeIdentifier();
        var result = AssembleFields(cursor, name);
        cursor.TakeClose();
        return cursor.Kind == TokenKind.End ? result : throw cursor.Unexpected();
    }

    /// <summary>Assembles the fields that come next, up to a parenthesis that closes the form around them or the end of the text.</summary>
    /// <param name="cursor">Stands behind the last field afterwards.</param>
    /// <param name="name">The identifier of the module.</param>
    public static TextModuleResult AssembleFields(TokenCursor cursor, string? name) => new TextParser(cursor).Parse(name);

    private static TextModuleResult AssembleToEnd(TokenCursor cursor, string? name)
    {
        var result = AssembleFields(cursor, name);
        return cursor.Kind == TokenKind.End ? result : throw cursor.Unexpected();
    }
}

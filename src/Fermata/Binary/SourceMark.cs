namespace Fermata.Binary;

/// <summary>Says that the bytes from an offset on come from an offset of the text.</summary>
internal readonly record struct SourceMark(int Offset, int TextOffset);

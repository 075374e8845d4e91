namespace Fermata.Text;

/// <summary>A module assembled from text.</summary>
/// <param name="Binary">The module in the binary format.</param>
/// <param name="Map">The way back from its bytes to the text.</param>
internal sealed record TextModuleResult(byte[] Binary, SourceMap Map);

using Fermata.Binary;

namespace Fermata.Text;

/// <summary>From the bytes of a module that was assembled from text back to the text.</summary>
internal sealed class SourceMap(TextSource source, SourceMark[] marks)
{
    /// <summary>The line and the column, from 1, of what the byte at an offset of the binary module was made from.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        var low = 0;
        var high = marks.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (marks[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return source.Locate(low == 0 ? 0 : marks[low - 1].TextOffset);
    }

    /// <summary>The same error with line and column for its byte offset.</summary>
    public ModuleException Translate(ModuleException error)
    {
        if (error.Offset is not { } offset)
            return error;
        var (line, column) = Locate(offset);
        return error is InvalidModuleException
            ? new InvalidModuleException(error.Problem, line, column, error.Function)
            : new MalformedModuleException(error.Problem, line, column);
    }
}

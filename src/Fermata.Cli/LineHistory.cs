namespace Fermata.Cli;

/// <summary>Lines that were entered at a prompt, the last one last, and kept in a file.</summary>
internal sealed class LineHistory
{
    private const int Most = 1_000;

    private readonly string? _file;
    private readonly List<string> _lines;

    /// <param name="file">The file, which is made when a line is added; null for none. What cannot be read or written is not kept.</param>
    public LineHistory(string? file) => (_file, _lines) = (file, Load(file));

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line, unless it is empty or was the last one.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (_lines is [.., var last] && last == line))
            return;
        _lines.Add(line);
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            File.AppendAllText(_file, line + '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is there until the process ends.
        }
    }

    private static List<string> Load(string? file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            var lines = File.ReadAllLines(file);
            if (lines.Length > 2 * Most)
                File.WriteAllLines(file, lines[^Most..]);
            return [.. lines.TakeLast(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

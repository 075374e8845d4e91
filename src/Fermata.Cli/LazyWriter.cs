using System.Text;

namespace Fermata.Cli;

/// <summary>A writer that is made when something is first written. Making that of the console takes .NET some milliseconds, and most programs write past it.</summary>
internal sealed class LazyWriter(Func<TextWriter> make) : TextWriter
{
    private readonly Lazy<TextWriter> _writer = new(make);

    public override Encoding Encoding => _writer.Value.Encoding;

    public override void Write(char value) => _writer.Value.Write(value);

    public override void Write(char[] buffer, int index, int count) => _writer.Value.Write(buffer, index, count);

    public override void Write(string? value) => _writer.Value.Write(value);

    public override void WriteLine(string? value) => _writer.Value.WriteLine(value);

    public override void Flush()
    {
        if (_writer.IsValueCreated)
            _writer.Value.Flush();
    }
}

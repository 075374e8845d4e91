namespace Fermata.Cli.Tests;

public sealed class LazyWriterTests
{
    [Fact]
    public void The_writer_is_made_when_something_is_written()
    {
        var made = 0;
        using var output = new StringWriter { NewLine = "\n" };
        using var writer = new LazyWriter(() =>
        {
            made++;
            return output;
        });

        writer.Flush();
        Assert.Equal(0, made);

        writer.Write("a");
        writer.WriteLine("b");
        writer.Write('c');
        writer.Write(['d', 'e'], 1, 1);
        writer.WriteLine(1);
        writer.Flush();
        Assert.Equal((1, "ab\nce1\n"), (made, output.ToString()));
    }
}

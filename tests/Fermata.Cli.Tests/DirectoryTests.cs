using System.Formats.Tar;
using System.IO.Compression;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata run --dir</c>.</summary>
public sealed class DirectoryTests : IDisposable
{
    private const int ENOENT = 44;
    private const int EBADF = 8;
    private const int EROFS = 69;
    private const int ENOTCAPABLE = 76;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_has_no_directory_that_it_is_not_given()
    {
        var program = _folder.Add("p.wat", Programs.PrintsFile("p.wat"));

        Assert.Equal((EBADF, "", ""), _folder.Run("run", program));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("::/data", "")]
    [InlineData("::/data", ":ro")]
    [InlineData("", ":ro")]
    public void A_program_reads_the_directory_that_it_is_given(string guest, string suffix)
    {
        _folder.Add("data/in/a.txt", "hello\n");
        var program = _folder.Add("p.wat", Programs.PrintsFile("in/a.txt"));

        Assert.Equal((0, "hello\n", ""), _folder.Run("run", "--dir", _folder["data"] + guest + suffix, program));
    }

    [Fact]
    public void A_program_writes_where_it_may()
    {
        _folder.Add("data/a.txt", "");
        var program = _folder.Add("p.wat", Programs.WritesFile("b.txt"));

        Assert.Equal((EROFS, "", ""), _folder.Run("run", "--dir", $"{_folder["data"]}::/:ro", program));
        Assert.False(File.Exists(_folder["data/b.txt"]));
        Assert.Equal((0, "", ""), _folder.Run("run", "--dir", $"{_folder["data"]}::/", program));
        Assert.Equal("b.txt", File.ReadAllText(_folder["data/b.txt"]));
    }

    [Theory]
    [InlineData("data.zip")]
    [InlineData("data.tar")]
    [InlineData("data.tar.gz")]
    public void A_program_reads_an_archive(string name)
    {
        _folder.Add("data/in/a.txt", "hello\n");
        Archive(_folder["data"], _folder[name]);
        var (reader, writer) = (_folder.Add("r.wat", Programs.PrintsFile("in/a.txt")), _folder.Add("w.wat", Programs.WritesFile("b.txt")));

        Assert.Equal((0, "hello\n", ""), _folder.Run("run", "--dir", $"{_folder[name]}::/", reader));
        Assert.Equal((EROFS, "", ""), _folder.Run("run", "--dir", $"{_folder[name]}::/", writer));
    }

    [Theory]
    [InlineData("data.zip")]
    [InlineData("data.tar")]
    public void An_archive_that_is_none_is_told(string name)
    {
        var archive = _folder.Add(name, "no archive");
        var program = _folder.Add("p.wat", Programs.PrintsFile("a.txt"));

        var (exitCode, output, error) = _folder.Run("run", "--dir", archive, program);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"fermata: --dir ~/{name}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_are_given_in_their_order()
    {
        _folder.Add("one/a.txt", "1");
        _folder.Add("two/a.txt", "2");
        var program = _folder.Add("p.wat", Programs.PrintsFile("a.txt"));

        Assert.Equal((0, "2", ""), _folder.Run("run", "--dir", $"{_folder["two"]}::/2", "--dir", $"{_folder["one"]}::/1", program));
    }

    [Theory]
    [InlineData("../secret.txt", ENOTCAPABLE)]
    [InlineData("in/../../secret.txt", ENOTCAPABLE)]
    [InlineData("out.txt", ENOTCAPABLE)]
    [InlineData("up/secret.txt", ENOTCAPABLE)]
    [InlineData("/secret.txt", ENOTCAPABLE)]
    [InlineData("secret.txt", ENOENT)]
    public void Nothing_leads_out_of_a_directory(string path, int error)
    {
        var secret = _folder.Add("secret.txt", "secret");
        _folder.Add("data/in/a.txt", "");
        File.CreateSymbolicLink(_folder["data/out.txt"], secret);
        File.CreateSymbolicLink(_folder["data/up"], "..");
        var program = _folder.Add("p.wat", Programs.PrintsFile(path));

        Assert.Equal((error, "", ""), _folder.Run("run", "--dir", $"{_folder["data"]}::/", program));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_told()
    {
        var program = _folder.Add("p.wat", Programs.PrintsFile("a.txt"));

        var (exitCode, output, error) = _folder.Run("run", "--dir", _folder["data"], program);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("fermata: --dir ~/data: There is no directory ", error, StringComparison.Ordinal);
    }

    private static void Archive(string directory, string archive)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(directory, archive);
            return;
        }

        using var file = File.Create(archive);
        using Stream stream = archive.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        TarFile.CreateFromDirectory(directory, stream, includeBaseDirectory: false);
    }
}

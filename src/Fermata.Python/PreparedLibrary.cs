using System.Security.Cryptography;
using System.Text;

namespace Fermata.Python;

/// <summary>The standard library with the code of each module beside its source. Without it, an interpreter compiles what it imports.</summary>
internal static class PreparedLibrary
{
    // Code and source are in one archive, and not compared when a module is imported (PEP 552). The source is for tracebacks.
    private const string Script =
        """
        import importlib.util, io, marshal, zipfile

        UNCHECKED_HASH = (1).to_bytes(4, 'little')

        def compiled(name, source):
            code = compile(source, name, 'exec', dont_inherit=True)
            return importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + importlib.util.source_hash(source) + marshal.dumps(code)

        def prepare(path):
            result = io.BytesIO()
            with zipfile.ZipFile(path) as library, zipfile.ZipFile(result, 'w') as prepared:
                for entry in library.infolist():
                    content = library.read(entry)
                    prepared.writestr(entry, content)
                    if entry.filename.endswith('.py'):
                        prepared.writestr(zipfile.ZipInfo(entry.filename + 'c', entry.date_time), compiled(f'{path}/{entry.filename}', content))
            return result.getvalue()
        """;

    /// <summary>Has it from a folder; if it is not there, an interpreter makes it, and it is put there.</summary>
    /// <param name="distribution">The interpreter, with the library that npm has.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A ZIP archive.</returns>
    public static async Task<byte[]> FindOrMakeAsync(PythonDistribution distribution, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetFullPath(folder), NameFor(distribution.StandardLibrary));
        if (await CachedFile.ReadAsync(path, cancellationToken).ConfigureAwait(false) is { } found)
            return found;
        var made = await MakeAsync(distribution, cancellationToken).ConfigureAwait(false);
        await CachedFile.WriteAsync(path, made, cancellationToken).ConfigureAwait(false);
        return made;
    }

    /// <summary>Another name for each library, interpreter and way to prepare it.</summary>
    private static string NameFor(byte[] library)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(library);
        hash.AppendData(Encoding.UTF8.GetBytes(PythonDistribution.Version + Script));
        return $"python-{Convert.ToHexStringLower(hash.GetHashAndReset())}.library";
    }

    private static async Task<byte[]> MakeAsync(PythonDistribution distribution, CancellationToken cancellationToken)
    {
        var python = await PythonRuntime.StartAsync(distribution, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (python.ConfigureAwait(false))
        {
            using var cancellation = cancellationToken.Register(() => python.Interrupt());
            try
            {
                python.Run(Script).Dispose();
                using var prepare = python.Globals["prepare"];
                return await prepare.CallPromisingAsync<byte[]>(PythonRuntime.Library).ConfigureAwait(false);
            }
            catch (PythonException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }
    }
}

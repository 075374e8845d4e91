using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Hosting;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Text;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>Compiles a module in the binary format.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="bytes">The module. The memory must not change afterwards.</param>
    /// <param name="cancellationToken">Ends the load. It is looked at about every millisecond.</param>
    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation.</exception>
    /// <exception cref="NotSupportedException">The module uses a feature that the engine does not have.</exception>
    /// <exception cref="LoadLimitException">The module costs more than the options of the engine allow.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static Module Load(Engine engine, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return LoadWithin(BudgetOf(engine, cancellationToken), engine, bytes);
    }

    /// <summary>Reads a module in the binary format from a stream, up to its end, and compiles it on a thread of the pool.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="stream">The stream. It stays open.</param>
    /// <param name="cancellationToken">Ends reading and compiling.</param>
    /// <returns>The module. The task fails with what <see cref="Load"/> throws, or what the stream does.</returns>
    public static Task<Module> LoadAsync(Engine engine, Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(stream);
        return ReadAndCompileAsync(engine, stream, cancellationToken);
    }

    /// <summary>Compiles a module from a file in the binary format.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the load, between reading and compiling and while it compiles.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <inheritdoc cref="Load"/>
    public static Module LoadFile(Engine engine, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Load(engine, ModuleStream.Read(file, engine.Options.MaxModuleBytes), cancellationToken);
    }

    /// <summary>Reads a module in the binary format from a file, and compiles it on a thread of the pool.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends reading and compiling.</param>
    /// <returns>The module. The task fails with what <see cref="LoadFile"/> throws.</returns>
    public static async Task<Module> LoadFileAsync(Engine engine, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
            return await ReadAndCompileAsync(engine, file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compiles a module in the text format.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="text">The module: <c>(module …)</c>, or its fields alone.</param>
    /// <param name="cancellationToken">Ends the load. It is looked at about every millisecond.</param>
    /// <exception cref="MalformedModuleException">The text is not a module; the exception has line and column.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation; the exception has line and column.</exception>
    /// <exception cref="NotSupportedException">The module uses a feature that the engine does not have.</exception>
    /// <exception cref="LoadLimitException">The module costs more than the options of the engine allow.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static Module Parse(Engine engine, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(text);
        var budget = BudgetOf(engine, cancellationToken);
        var (binary, map) = TextModule.Assemble(text, budget);
        try
        {
            return LoadWithin(budget, engine, binary);
        }
        catch (ModuleException exception)
        {
            throw map.Translate(exception);
        }
    }

    /// <summary>Checks a module in the binary format without compiling it.</summary>
    /// <param name="bytes">The module.</param>
    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    /// <exception cref="InvalidModuleException">The module breaks a rule of validation.</exception>
    public static void Validate(ReadOnlyMemory<byte> bytes)
    {
        ModuleStream.RequireLength(bytes.Length);
        ModuleValidator.Validate(ModuleDecoder.Decode(bytes), new TypeRegistry());
    }

    private static async Task<Module> ReadAndCompileAsync(Engine engine, Stream stream, CancellationToken cancellationToken)
    {
        var bytes = await ModuleStream.ReadAsync(stream, engine.Options.MaxModuleBytes, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Load(engine, bytes, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static LoadBudget BudgetOf(Engine engine, CancellationToken cancellationToken) => new(engine.Options.MaxLoadTime, cancellationToken);

    private static Module LoadWithin(LoadBudget budget, Engine engine, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > engine.Options.MaxModuleBytes)
            throw LoadLimitException.OfBytes(engine.Options.MaxModuleBytes);
        var definition = ModuleDecoder.DecodeWithoutBodies(bytes, budget);
        using var activity = Telemetry.Start("compile", definition.Names.ModuleName);
        var types = ValidateDefinitions(budget, engine, definition);
        var hasGuards = ModuleCompiler.UsesGuards(engine.Options, types);
        var fingerprint = new CodeFingerprint(definition.Bytes, engine.Options, hasGuards);

        // The same bytes were loaded before there was code of them, so their functions are well-formed and valid.
        if (CachedCode.Find(engine.Options.CodeCache, definition, types, fingerprint) is { } image)
            return Of(engine, definition, types, image, fingerprint);
        BodyDecoder.Decode(definition, budget);
        types.Bodies.Validate(budget);
        return new Module(engine, definition, types, ModuleCompiler.Compile(engine, definition, types, budget, hasGuards));
    }

    private static ModuleTypes ValidateDefinitions(LoadBudget budget, Engine engine, ModuleDefinition definition)
    {
        try
        {
            return ModuleValidator.ValidateWithoutBodies(definition, engine.Types, budget, PieceSizes.Of(engine.Options).LongFunction);
        }
        catch (InvalidModuleException)
        {
            // What is malformed is told first, wherever it is.
            BodyDecoder.Decode(definition, budget);
            throw;
        }
    }
}

using System.Text;
using Fermata.Binary;
using Fermata.Compilation;
using Fermata.Hosting;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    /// <summary>Loads a module that was compiled ahead of time: none of its functions is compiled any more.</summary>
    /// <param name="engine">The engine. Its options are those that the module was compiled with, as far as they have a part in code.</param>
    /// <param name="compiled">The module: an object of the class that an assembly which <see cref="WriteAssembly"/> wrote has for it.</param>
    /// <exception cref="ArgumentException">The module was compiled with other options, or by another version of Fermata.</exception>
    public static Module LoadCompiled(Engine engine, CompiledModule compiled)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(compiled);
        var definition = ModuleDecoder.DecodeWithoutBodies(compiled.Read(CompiledModule.ModuleResource) ?? throw OtherCompilation(nameof(compiled)));
        var types = ModuleValidator.ValidateWithoutBodies(definition, engine.Types, longFunction: PieceSizes.Of(engine.Options).LongFunction);
        var image = new CodeImage(compiled);
        var fingerprint = new CodeFingerprint(definition.Bytes, engine.Options, image.Table.NeedsGuards);
        if (!fingerprint.Bytes.SequenceEqual(image.Table.Fingerprint))
            throw OtherCompilation(nameof(compiled));
        return Of(engine, definition, types, image, fingerprint);
    }

    /// <summary>Compiles all functions of the module into a .NET assembly, for applications that are to have no compiler at run time, or to start at once.</summary>
    /// <remarks>
    /// The assembly has the module itself, too, and one public class, <c>Fermata.Compiled.NAME</c>, for <see cref="LoadCompiled"/>. It is for the processor architecture of this
    /// process, for the options of the engine, and for this version of Fermata. It is IL; publishing an application makes machine code of it, or <c>fermata compile</c>.
    /// </remarks>
    /// <param name="output">Where the assembly is written. The stream stays open.</param>
    /// <param name="name">The name of the assembly. That of the class is the same, with <c>_</c> for what is no letter or digit.</param>
    /// <param name="progress">Is told the share of the functions that are compiled, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NotSupportedException">The module has types of structures or arrays.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void WriteAssembly(Stream output, string name, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequirePersistable();
        int[] functions = [.. Enumerable.Range(Definition.ImportedFunctionCount, Definition.Functions.Count - Definition.ImportedFunctionCount)];
        var request = new PersistedCodeRequest(name, $"Fermata.Compiled.{Identifier(name)}", functions, Code.NeedsGuards, Code.LargestStop)
        {
            Stack = StackLocation,
            HasResumeForms = true,
            HasModule = true,
            Thunks = Thunks,
            Progress = progress,
        };
        PersistedCode.Write(Engine, Definition, Types, request, new LoadBudget(cancellationToken: cancellationToken), output);
    }

    private IReadOnlyList<(int Type, MethodTemplate[] Methods)> Thunks =>
        [.. from type in Enumerable.Range(0, Types.Types.Length) where Types.Types[type].Func is not null select (type, TypeThunks.AllOf(Types.FuncType(type)))];

    private static Module Of(Engine engine, ModuleDefinition definition, ModuleTypes types, CodeImage image, CodeFingerprint fingerprint)
    {
        engine.Thunks.Provide(types, image);
        return new Module(engine, definition, types, LoadedCode.Of(engine, definition, types, image, fingerprint), new Lazy<StackLocation?>(image.Table.Stack));
    }

    private static ArgumentException OtherCompilation(string parameter) =>
        new("The module was compiled with other options than the engine has, or by another version of Fermata. Compile it again.", parameter);

    private static string Identifier(string name)
    {
        var text = new StringBuilder(name);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
                text[i] = '_';
        }

        return char.IsAsciiDigit(text[0]) ? $"_{text}" : text.ToString();
    }
}

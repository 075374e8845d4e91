namespace Fermata.Emscripten.Glue;

/// <summary>
/// Gives programs what Emscripten writes in JavaScript between frames of WebAssembly: calls that <c>longjmp</c> and exceptions end (<c>invoke_iii</c>), and C++ exceptions. It
/// is WebAssembly here, merged into the program before that is compiled, so that calls through it suspend, trap and are traced as all others.
/// </summary>
internal static class ProgramGlue
{
    /// <summary>The module name of the program, from which supplements import.</summary>
    private const string Program = "program";

    /// <summary>The module name from which programs import that are not minified.</summary>
    private const string Usual = "env";

    /// <summary>Merges a program with the glue for what it imports.</summary>
    /// <param name="program">The program.</param>
    /// <param name="names">What Emscripten calls its imports and exports.</param>
    /// <param name="supplement">A module that has more of what it imports; null for none.</param>
    /// <param name="role">What it is to other modules.</param>
    /// <param name="isDefined">Whether another module defines a function, by its name: the main module for a side module. Such ones stay imports, whatever the glue has. Default: of none.</param>
    /// <returns>
    /// The program without those imports; all else is as before, but for <c>dylink.0</c> and other custom sections that are about a single module, and what the role says. The
    /// same bytes if there is nothing to add.
    /// </returns>
    /// <exception cref="NotSupportedException">The program does not export what the glue needs.</exception>
    /// <exception cref="MergeException">What it exports is of another type.</exception>
    public static ReadOnlyMemory<byte> AddGlue(
        ModuleInfo program, EmscriptenNames names, ModuleInfo? supplement = null, GlueRole role = GlueRole.Program, Predicate<string>? isDefined = null) =>
        WriteGlue(program, names, supplement, role, isDefined) is { Count: > 1 } modules ? StaticLinker.Merge(modules).Bytes : program.Bytes;

    /// <summary>Merges a program with the glue for what it imports, and compiles it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="program">The program, whose functions need not be validated.</param>
    /// <param name="options">What is to be known about it.</param>
    /// <param name="role">What it is to other modules.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModuleException">The program is not valid.</exception>
    /// <exception cref="NotSupportedException">The program does not export what the glue needs.</exception>
    /// <exception cref="MergeException">What it exports is of another type.</exception>
    public static Module Load(Engine engine, ModuleInfo program, EmscriptenOptions options, GlueRole role, CancellationToken cancellationToken) =>
        WriteGlue(program, options.Names, options.Supplement, role) is { Count: > 1 } modules
            ? StaticLinker.Load(engine, modules, cancellationToken)
            : Module.Load(engine, program.Bytes, cancellationToken);

    /// <summary>A program, and the glue for what it imports.</summary>
    private static List<NamedModule> WriteGlue(
        ModuleInfo program, EmscriptenNames names, ModuleInfo? supplement, GlueRole role, Predicate<string>? isDefined = null)
    {
        var glue = new GlueModule(program.Imports, program.Exports, Program, names, role == GlueRole.Side);

        // Before all else, as others may throw exceptions though this module does not. One that has nothing of the glue itself is left as it is.
        var shared = role == GlueRole.Main && (supplement is not null || program.Imports.Any(import => IsInGlue(import, names))) ? glue.AddShared() : [];

        // Calls that exceptions end are added last: whether there are exceptions is known then.
        var supplied = program.Imports
            .Where(import => names.IsOfEmscripten(import) && isDefined?.Invoke(names.Of(import)) is not true)
            .OrderBy(import => names.Of(import).StartsWith("invoke_", StringComparison.Ordinal))
            .Where(import => TryAdd(glue, import, names.Of(import)))
            .Select(import => import.Module)
            .Distinct()
            .ToList();
        if (role == GlueRole.Program)
            shared = glue.ExportCallState();
        return supplied switch
        {
            [] when supplement is null => [new NamedModule(Program, program)],
            [] => Compose(program, Usual, glue, supplement, shared),
            [var from] => Compose(program, from, glue, supplement, shared),
            _ => throw new NotSupportedException($"The program imports functions of Emscripten's JavaScript from several modules: {string.Join(", ", supplied)}."),
        };
    }

    private static bool IsInGlue(ImportType import, EmscriptenNames names) =>
        names.IsOfEmscripten(import) && import.Type is FunctionType { Signature: var type } && GlueFunctions.Write(names.Of(import), type, catchesExceptions: false) is not null;

    private static bool TryAdd(GlueModule glue, ImportType import, string name)
    {
        if (import.Type is not FunctionType { Signature: var type } || GlueFunctions.Write(name, type, glue.HasExceptions) is not { } text)
            return false;
        glue.Add(import, text);
        return true;
    }

    private static List<NamedModule> Compose(ModuleInfo program, string from, GlueModule glue, ModuleInfo? supplement, List<string> shared)
    {
        List<NamedModule> modules =
        [
            new NamedModule(Program, program) { Source = "the program" },
            new NamedModule(from, glue.Assemble()) { Source = "the glue of Emscripten", KeepsExports = false },
        ];
        if (supplement is not null)
            modules.Add(new NamedModule(from, supplement) { Source = "the supplement", KeepsExports = false });
        if (shared.Count > 0)
            modules.Add(new NamedModule(SharedGlue.Module, SharedGlue.WriteExports(from, shared)) { Source = "the exports for side modules" });
        return modules;
    }
}

using System.Reflection;
using System.Reflection.Emit;
using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Compiles functions of a module into an assembly that is a file, and needs no compiler to run.</summary>
/// <remarks>
/// Beside the class of the instances and the functions it has one class that derives from <see cref="CompiledModule"/> and gives the addresses of the code, a resource with
/// the <see cref="CodeTable"/>, and, if it is to stand for itself, one with the module.
/// </remarks>
internal sealed class PersistedCode : CodeTarget
{
    /// <summary>The class that gives the addresses in an assembly of a cache.</summary>
    public const string CacheClass = "Code";

    /// <summary>.NET makes something for each method of a class when it first needs the class.</summary>
    private const int FunctionsPerClass = 1024;

    /// <summary>What compiling a function takes of the budget at least.</summary>
    private const int FunctionSteps = 100;

    private readonly HashSet<int> _functions;
    private readonly int _functionCount;
    private readonly PersistedAssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly List<TypeBuilder> _classes = [];
    private int _functionsLeft;

    private PersistedCode(string name, ModuleDefinition definition, ModuleTypes types, IEnumerable<int> functions)
    {
        _functions = [.. functions];
        _functionCount = definition.Functions.Count;
        _assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        _module = _assembly.DefineDynamicModule(name);
        DynamicAssembly.AllowAccess(_assembly);
        Class = InstanceClass.Define(_module, definition, types, bindsFields: true);
    }

    public override InstanceClass Class { get; }

    /// <summary>Whether there can be a file for a module: classes of its structures and arrays would have to be shared with other modules.</summary>
    public static bool Supports(ModuleTypes types) => Array.TrueForAll(types.Types, type => type.Func is not null);

    /// <summary>Compiles functions of a module.</summary>
    /// <param name="engine">The engine, whose options the code is for.</param>
    /// <param name="definition">The module.</param>
    /// <param name="types">What validation made of its types.</param>
    /// <param name="request">What is to be compiled.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="output">Where the assembly is written.</param>
    public static void Write(Engine engine, ModuleDefinition definition, ModuleTypes types, PersistedCodeRequest request, LoadBudget budget, Stream output)
    {
        var target = new PersistedCode(request.AssemblyName, definition, types, request.Functions);
        var compiler = new ModuleCompiler(engine, definition, types, budget, request.HasGuards, target);
        compiler.NoteStop(request.LargestStop.Numbers, request.LargestStop.References);
        int[] numbers = [.. request.Functions.SelectMany(function => compiler.PiecesOf(function).Select(piece => piece.Number).Prepend(function))];
        var methods = Compile(compiler, numbers, request, budget);
        target.Complete(request.ClassName, [.. methods, .. target.DefineThunks(request)]);
        AssemblyFile.Write(output, target._assembly, Resources);

        // Tokens are known only when all else is.
        IEnumerable<(string Name, byte[] Content)> Resources()
        {
            var table = new CodeTable
            {
                Fingerprint = new CodeFingerprint(definition.Bytes, engine.Options, request.HasGuards).Bytes.ToArray(),
                NeedsGuards = request.HasGuards,
                LargestStop = compiler.LargestStop,
                NumberCount = compiler.Functions.Length,
                Stack = request.Stack,
                Rows = [.. numbers.Select((number, i) => RowOf(compiler, number, methods[i]!))],
                ThunkTypes = [.. request.Thunks.Select(thunks => thunks.Type)],
            };
            yield return (CompiledModule.TableResource, table.ToBytes());
            if (request.HasModule)
                yield return (CompiledModule.ModuleResource, definition.Bytes.ToArray());
        }
    }

    /// <summary>Pieces are called by their function alone, and are where that is.</summary>
    public override bool Includes(int function) => function >= _functionCount || _functions.Contains(function);

    public override TypeBuilder DefineClass(ModuleCompiler compiler, string name)
    {
        if (_functionsLeft == 0)
        {
            _classes.Add(_module.DefineType($"Functions{_classes.Count}", DynamicAssembly.CodeClass));
            _functionsLeft = FunctionsPerClass;
        }

        _functionsLeft--;
        return _classes[^1];
    }

    public override ILGenerator WriterOf(MethodBuilder method) => method.GetILGenerator();

    /// <summary>Classes are made when all functions are there.</summary>
    public override MethodInfo Complete(MethodBuilder method) => method;

    private static CodeTable.Row RowOf(ModuleCompiler compiler, int number, MethodInfo entry)
    {
        var code = compiler.Functions[number];
        return new(number, IsPiece: number >= compiler.Definition.Functions.Count, entry.MetadataToken, code.LargeFrameBytes, code.Sites, FrameTypesData.Encode(code.FrameTypes!, compiler.Types));
    }

    /// <returns>The code at each position.</returns>
    private static MethodInfo?[] Compile(ModuleCompiler compiler, int[] numbers, PersistedCodeRequest request, LoadBudget budget)
    {
        var methods = new MethodInfo?[numbers.Length * 2];
        for (var i = 0; i < numbers.Length; i++)
        {
            methods[i] = compiler.MakeRunForm(numbers[i]).Entry;
            var sites = compiler.Functions[numbers[i]].Sites.Length;
            if (request.HasResumeForms && sites > 0)
                methods[numbers.Length + i] = compiler.MakeResumeForm(numbers[i]);
            budget.Spend(FunctionSteps + sites);
            request.Progress?.Report((double)(i + 1) / numbers.Length);
        }

        return methods;
    }

    private List<MethodInfo> DefineThunks(PersistedCodeRequest request)
    {
        var methods = new List<MethodInfo>();
        foreach (var (type, templates) in request.Thunks)
        {
            var @class = _module.DefineType($"Thunks{type}", DynamicAssembly.CodeClass);
            methods.AddRange(templates.Select(template => template.DefineIn(@class)));
            @class.CreateType();
        }

        return methods;
    }

    private void Complete(string className, MethodInfo?[] methods)
    {
        foreach (var type in _classes)
            type.CreateType();
        CompiledClass.Define(_module, className, Class.Type, methods, _classes);
    }
}

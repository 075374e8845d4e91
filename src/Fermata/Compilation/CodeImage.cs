using System.Reflection;
using System.Runtime.Loader;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>Code of a module in an assembly that was a file (<see cref="PersistedCode"/>): of all functions, or of some. Safe for use by several threads.</summary>
internal sealed class CodeImage
{
    private readonly CompiledModule _module;

    /// <summary>The place in the table of each function that is there.</summary>
    private readonly Dictionary<int, int> _rows;

    public CodeImage(CompiledModule module)
    {
        _module = module;
        Table = CodeTable.Read(module.Read(CompiledModule.TableResource)!);
        _rows = new Dictionary<int, int>(Table.Rows.Length);
        for (var i = 0; i < Table.Rows.Length; i++)
            _rows.Add(Table.Rows[i].Function, i);
    }

    public CodeTable Table { get; }

    public Assembly Assembly => _module.GetType().Assembly;

    /// <summary>The class of the module's instances.</summary>
    public Type InstanceType => Assembly.GetType(InstanceClass.Name, throwOnError: true)!;

    /// <summary>Loads the assembly in a file. It stays until the process ends, as .NET does not use machine code from a file for what may go.</summary>
    public static CodeImage Load(string path)
    {
        var assembly = new LoadContext().LoadFromAssemblyPath(path);
        return new CodeImage((CompiledModule)Activator.CreateInstance(assembly.GetType(PersistedCode.CacheClass, throwOnError: true)!)!);
    }

    /// <summary>The address of a form of a function; zero if it is not there.</summary>
    public nint AddressOf(CodeForm form, int function) =>
        !_rows.TryGetValue(function, out var row) ? 0 : _module.AddressOf(form == CodeForm.Run ? row : row + Table.Rows.Length);

    /// <summary>The address of code that depends on a type alone.</summary>
    /// <param name="index">Its number among all of these.</param>
    public nint AddressOfThunk(int index) => _module.AddressOf((2 * Table.Rows.Length) + index);

    /// <summary>What is known of a function or a piece; null if it is not there.</summary>
    public CodeTable.Row? FindRow(int function) => _rows.TryGetValue(function, out var row) ? Table.Rows[row] : null;

    /// <summary>What code calls as the function; null if it is not there.</summary>
    public MethodInfo? MethodOf(int function) => _rows.TryGetValue(function, out var row) ? MethodAt(row) : null;

    /// <summary>What code calls as the function, and as pieces of it; nothing if it is not there.</summary>
    public IEnumerable<MethodInfo> MethodsOf(int function)
    {
        if (!_rows.TryGetValue(function, out var row))
            yield break;
        do
            yield return MethodAt(row++);
        while (row < Table.Rows.Length && Table.Rows[row].IsPiece);
    }

    private MethodInfo MethodAt(int row) => (MethodInfo)Assembly.ManifestModule.ResolveMethod(Table.Rows[row].Token)!;

    public Instance CreateInstance() => _module.CreateInstance();

    /// <summary>Each image has one of its own, so that their names may be the same.</summary>
    private sealed class LoadContext() : AssemblyLoadContext("Fermata code", isCollectible: false)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(Engine).Assembly.GetName().Name ? typeof(Engine).Assembly : null;
    }
}

// Continues after a call site: instance, context, the numbers and the references of the frame, and the site.
global using unsafe ResumeCode = delegate*<Fermata.Instance, Fermata.Runtime.StoreContext, ref ulong, ref object?, int, void>;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The code of a module as the run time knows it: where its functions begin, where they go on, and what their frames keep.</summary>
/// <remarks>What is not there yet is asked for from a <see cref="CodeMaker"/>, whoever that is: the run time knows no compiler.</remarks>
internal sealed class ModuleCode
{
    /// <summary>The most results of a piece of a function.</summary>
    public const int MostPieceResults = 64;

    private static readonly ConditionalWeakTable<Assembly, ModuleCode> ByAssembly = [];

    private readonly CodeMaker _maker;
    private readonly FunctionCode[] _functions;

    /// <summary>The resume forms of functions that may run on any stack. Apart from the rest, as a resumption looks here first.</summary>
    private readonly nint[] _resumeForms;

    /// <param name="maker">What makes code that is missing.</param>
    /// <param name="functions">What is known of each function by its index, and of pieces of functions by numbers behind these.</param>
    /// <param name="fingerprint">What tells this code from any other.</param>
    public ModuleCode(CodeMaker maker, FunctionCode[] functions, CodeFingerprint fingerprint)
    {
        _maker = maker;
        _functions = functions;
        _resumeForms = new nint[functions.Length];
        Fingerprint = fingerprint;
    }

    public CodeFingerprint Fingerprint { get; }

    /// <summary>The module that the instances are of, for traces.</summary>
    public Module? Module { get; set; }

    /// <summary>The name of the .NET method of a function, in either form, by which traces find it.</summary>
    public static string MethodName(int function) => "f" + function.ToString(CultureInfo.InvariantCulture);

    /// <summary>The module and function that a .NET method is the code of. The number of a piece of a function is behind those of all functions.</summary>
    public static (Module Module, int Function)? Find(MethodBase? method)
    {
        if (method?.DeclaringType is not { } type || !ByAssembly.TryGetValue(type.Assembly, out var code) || code.Module is null)
            return null;
        return method.Name.StartsWith('f') && int.TryParse(method.Name.AsSpan(1), CultureInfo.InvariantCulture, out var index) ? (code.Module, index) : null;
    }

    /// <summary>Where functions are inlined in the .NET method of a function; null if none are, or it is not known.</summary>
    public static InlinedCalls? FindInlined(MethodBase method, int function)
    {
        var type = method.DeclaringType!;
        var form = type.Name.StartsWith(nameof(CodeForm.Resume), StringComparison.Ordinal) ? CodeForm.Resume : CodeForm.Run;
        return ByAssembly.TryGetValue(type.Assembly, out var code) ? code._maker.FindInlined(form, function) : null;
    }

    /// <summary>Has <see cref="Find"/> know the methods of an assembly as code of this module, or of the last one if several have the same code.</summary>
    public void Name(Assembly assembly) => ByAssembly.AddOrUpdate(assembly, this);

    /// <summary>How many numbers there are for functions and for pieces of functions.</summary>
    public int NumberCount => _functions.Length;

    /// <summary>The calls of a function that may suspend, by number.</summary>
    public CallSite[] Sites(int function) => _functions[function].Sites;

    /// <summary>The types of a function's frames; its run form is made if it was not yet.</summary>
    /// <returns>The types; null for a number that is none of a function or of a piece of one, with code.</returns>
    public FrameTypes? FrameTypes(int function)
    {
        if ((uint)function >= (uint)_functions.Length)
            return null;
        ref var types = ref _functions[function].FrameTypes;
        if ((types ??= _maker.LoadFrameTypes(function)) is null && _maker.HasCode(function))
            EntryPoint(function);
        return types;
    }

    /// <inheritdoc cref="CodeMaker.LargestStop"/>
    public (int Numbers, int References) LargestStop => _maker.LargestStop;

    /// <summary>The functions whose run forms were compiled in this process so far.</summary>
    public IEnumerable<int> Made => _maker.Made;

    /// <summary>The functions whose run forms were compiled before.</summary>
    public IEnumerable<int> Loaded => _maker.Loaded;

    /// <summary>A new object of the module's instance class, with no field set.</summary>
    public Instance CreateInstance() => _maker.CreateInstance();

    /// <summary>The class of a structure type of the module.</summary>
    public StructClass Struct(DefinedType type) => _maker.Struct(type);

    /// <summary>The class of an array type of the module.</summary>
    public ArrayClass Array(DefinedType type) => _maker.Array(type);

    /// <summary>The address of a function's run form if it was made; else zero.</summary>
    public nint FindEntryPoint(int function) => Volatile.Read(ref _functions[function].EntryPoint);

    /// <summary>The address of a function's run form.</summary>
    public nint EntryPoint(int function)
    {
        ref var entryPoint = ref _functions[function].EntryPoint;
        return entryPoint != 0 ? entryPoint : Make(CodeForm.Run, function, ref entryPoint);
    }

    /// <summary>Has the machine code of a function's run form made now, and not when it is first called.</summary>
    public void Prepare(int function) => _maker.Prepare(function);

    /// <summary>
    /// Continues after a call site of a function with the values of a frame; null until it was made, and for a function that may be too large for the native
    /// stack (<see cref="PrepareResumeForm"/>).
    /// </summary>
    public unsafe ResumeCode ResumeForm(int function) => (ResumeCode)_resumeForms[function];

    /// <summary>What continues after a call site with the values of a frame; made when it is first needed.</summary>
    /// <param name="function">The index of the function.</param>
    /// <param name="stack">The native stack.</param>
    /// <exception cref="StackExhaustedException">The function takes more than there is.</exception>
    public unsafe ResumeCode PrepareResumeForm(int function, NativeStackRange stack)
    {
        ref var code = ref _functions[function];
        if (code.LargeFrameBytes > 0 && !stack.HasRoom(code.LargeFrameBytes))
            Trap.StackExhausted();
        var form = code.ResumeForm != 0 ? code.ResumeForm : Make(CodeForm.Resume, function, ref code.ResumeForm);
        if (code.LargeFrameBytes == 0)
            Volatile.Write(ref _resumeForms[function], form);
        return (ResumeCode)form;
    }

    /// <summary>Whether memories with 32-bit addresses must have guard pages: the code does not check bounds that these keep.</summary>
    public required bool NeedsGuards { get; init; }

    /// <summary>Makes room in a context for what the module's code leaves there when it is interrupted.</summary>
    public void EnsureStops(StoreContext context) => context.EnsureStops(LargestStop.Numbers, LargestStop.References);

    /// <summary>The slow path of all that is missing.</summary>
    private nint Make(CodeForm form, int function, ref nint address)
    {
        var made = _maker.Make(form, function);
        Volatile.Write(ref address, made);
        return made;
    }
}

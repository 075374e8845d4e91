using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>Counts what a function has, up to limits beyond which .NET refuses the code or takes disproportionately long over it.</summary>
/// <remarks>The resume form is made when the module runs already. It passes where the run form passed.</remarks>
/// <param name="module">The compiler of the module.</param>
/// <param name="function">The index of the function, for messages.</param>
/// <param name="isResumeForm">Whether the resume form is being made.</param>
internal sealed class FunctionLimits(ModuleCompiler module, int function, bool isResumeForm)
{
    /// <summary>What <see cref="RequireFewListedValues"/> looks at, for messages.</summary>
    private const string ListedValues = "values in the lists of several that its calls, blocks and branches move";

    /// <summary>Limits the work of finding the live locals: sets of them meet at each call, block and branch.</summary>
    private const long MaxLivenessBits = 400_000_000;

    /// <summary>How many values the call sites of a function may save together: code for each is emitted, in both forms.</summary>
    private const int MaxSavedValues = 500_000;

    /// <summary>What <see cref="BackwardBranches"/> reckons, for 1 to 2 s of the JIT's time. Straight code has 9,000 calls then; CPython's interpreter loop has 2,000. The largest function of LLVM 22 comes to 650,000,000.</summary>
    private const long MaxBlocksVisited = 700_000_000;

    /// <summary>The locals of the .NET method: those that the code names, and one for each other value that must be kept.</summary>
    /// <remarks>.NET has 65,534 at most; the resume form has the parameters too.</remarks>
    private const int MaxLocals = 64_000;

    /// <summary>How many values a function may save where it looks in straight code.</summary>
    private const int MaxPolledValues = 50_000;

    /// <summary>Code in which no more than <see cref="MaxLocals"/> can be kept at once, in bytes: an instruction needs one local at most beside its operands.</summary>
    private const int SmallCode = 32_768;

    /// <summary>The values of a function of which no more is looked at. The stores that run it have room for so many (<see cref="Runtime.ModuleCode.LargestStop"/>).</summary>
    private const int FewValues = 1_000;

    /// <summary>Blocks, branch targets and sites: three times as many branches over four times as many blocks are within <see cref="MaxBlocksVisited"/>.</summary>
    private const int FewPlaces = 7_000;

    /// <summary>How much longer the code of a function becomes by functions that are inlined, in bytes, at most.</summary>
    private const int MaxRoom = 500;

    private int _savedValues;
    private int _polledValues;

    /// <summary>Whether a function is within the limits for certain, so that it can be compiled when it is first called.</summary>
    public static bool AreFarFrom(FunctionSize size) =>
        (size.CodeLength <= SmallCode || MostLocals(size) <= MaxLocals) && size.Values <= FewValues && size.Sites + size.Joins <= FewPlaces && (long)size.Sites * size.Values <= MaxSavedValues;

    /// <summary>How many locals the .NET method of a function has, at most.</summary>
    /// <remarks>
    /// Those that are for good: for what the code names, two for each memory, and one for each place that reads a table or handles exceptions. And for each kind of storage as many temporaries as are in use at once
    /// (<see cref="Variables"/>), which operands read, or blocks take and give.
    /// </remarks>
    private static long MostLocals(FunctionSize size)
    {
        const int Kinds = 6;
        const int Others = 100;
        var forGood = size.Values + size.Sites + size.Joins + (2L * size.Memories) + Others;
        var temporaries = ((Operand.MaxSize + 2L) * size.Values) + (2L * size.Joins) + size.ListedValues;
        return forGood + (Kinds * temporaries);
    }

    /// <summary>How much longer the code of a function may become, in bytes, and be within the limits for certain.</summary>
    /// <param name="size">The size of the function.</param>
    /// <param name="most">How much longer it may become for another reason.</param>
    public static int RoomOf(FunctionSize size, long most)
    {
        var room = (int)Math.Min(most, MaxRoom);
        var grown = new FunctionSize(size.CodeLength + room, size.Values + room, size.Sites + room, size.Joins + room, size.ListedValues + room, size.Memories);
        return AreFarFrom(grown) ? room : 0;
    }

    /// <summary>Looks at the values that calls, blocks and branches move in lists (<see cref="BodyNotes.ListedValues"/>), of each function and of all together.</summary>
    public static void RequireFewListedValues(ModuleDefinition module, ModuleTypes types)
    {
        var sum = 0L;
        for (var function = module.ImportedFunctionCount; function < module.Functions.Count; function++)
        {
            var count = types.Bodies.Of(function).ListedValues;
            Require(function, count, MaxListedValues(module.Functions[function].Body!.Code.Length), ListedValues);
            sum += count;
        }

        var limit = MaxListedValues(module.Bytes.Length);
        if (sum > limit)
            throw new NotSupportedException($"The module has too many {ListedValues}: {sum}, and the limit is {limit}.");
    }

    /// <summary>How many values may be moved in lists of several, by code of some length: one byte may move 1,000 of them.</summary>
    private static long MaxListedValues(int bytes) => 100_000L + bytes;

    /// <summary>Whether a function may be split. Its calls of pieces may save all locals, beside what other calls save.</summary>
    /// <param name="pieces">How many pieces there are to be.</param>
    /// <param name="sets">How many sets of live locals are made for that.</param>
    /// <param name="locals">How many parameters and locals its code names.</param>
    public static bool AllowsPieces(int pieces, int sets, int locals) =>
        (long)pieces * locals <= MaxSavedValues / 2 && (long)sets * locals <= MaxLivenessBits;

    /// <summary>Looks at the sets of live locals that are to be made.</summary>
    /// <param name="uses">What the function needs.</param>
    /// <param name="locals">How many parameters and locals its code names.</param>
    public void RequireFewLiveSets(FunctionUses uses, int locals)
    {
        if (uses.Sites.Count == 0)
            return;
        Require(((long)uses.Sites.Count + uses.Joins) * locals, MaxLivenessBits, "locals times calls, blocks and branch targets");
    }

    /// <summary>Looks at the branches backward, in both forms.</summary>
    public void RequireShortBranches(FunctionUses uses)
    {
        if (!isResumeForm)
            Require(BackwardBranches.BlocksVisited(module.Code, uses.Sites), MaxBlocksVisited, "blocks that loops, and calls that may suspend, branch back over");
    }

    /// <summary>Looks at how many locals the .NET method has.</summary>
    public void RequireFewLocals(int count) => Require(count, MaxLocals, "locals and other values to keep at once");

    /// <summary>Counts values that a call site saves.</summary>
    public void CountSavedValues(int count)
    {
        module.Budget.Spend(count);
        _savedValues += count;
        Require(_savedValues, MaxSavedValues, "values to keep over all calls and loops that may suspend");
    }

    /// <summary>Whether code may look in straight code, where so many values are live. Not for that is a function to be refused, nor its time to be taken.</summary>
    public bool AllowsPoll(int values)
    {
        if (_polledValues + values > MaxPolledValues)
            return false;
        _polledValues += values;

        // They will be counted with those of calls, for which a function may be refused.
        _savedValues -= values;
        return true;
    }

    private void Require(long count, long limit, string what)
    {
        if (!isResumeForm)
            Require(function, count, limit, what);
    }

    private static void Require(int function, long count, long limit, string what)
    {
        if (count > limit)
            throw new NotSupportedException($"Function {function} has too many {what}: {count}, and the limit is {limit}.");
    }
}

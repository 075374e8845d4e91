using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>What a function may have at most. Beyond it .NET refuses the code or takes disproportionately long over it.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Limits the work of finding the live locals: sets of them meet at each call, block and branch.</summary>
    private const long MaxLivenessBits = 400_000_000;

    /// <summary>How many values the call sites of a function may save together: code for each is emitted, in both forms.</summary>
    private const int MaxSavedValues = 500_000;

    /// <summary>The calls that may suspend. The JIT takes a time for the resume form that grows with the square of their number.</summary>
    private const int MaxSites = 20_000;

    /// <summary>The locals of the .NET method: those that the code names, and one for each other value that must be kept.</summary>
    /// <remarks>.NET has 65,534 at most; the resume form has the parameters too.</remarks>
    private const int MaxVariables = 64_000;

    /// <summary>The <c>try</c> and <c>try_table</c> blocks. The JIT takes a time that grows with the square of their number, and the cube of their depth.</summary>
    private const int MaxTries = 5_000;

    private const int MaxTryDepth = 250;

    /// <summary>What <see cref="CountListedValues"/> counts, for messages.</summary>
    public const string ListedValues = "values in the lists of several that its calls, blocks and branches move";

    private int _savedValues;
    private int _tries;

    private int _listedValues;

    /// <summary>How many values may be moved in lists of several, by code of some length: one byte may move 1,000 of them.</summary>
    public static long MaxListedValues(int bytes) => 100_000L + bytes;

    private void RequireFewLiveSets()
    {
        if (_uses.Sites.Count == 0)
            return;
        Require(_uses.Sites.Count, MaxSites, "calls that may suspend");
        Require(((long)_uses.Sites.Count + _uses.Joins) * _locals.Length, MaxLivenessBits, "locals times calls, blocks and branch targets");
    }

    private void CountSavedValues(int count)
    {
        _savedValues += count;
        Require(_savedValues, MaxSavedValues, "values to keep over all calls that may suspend");
    }

    private void CountTry(int depth)
    {
        Require(++_tries, MaxTries, "try blocks");
        Require(depth, MaxTryDepth, "try blocks inside one another");
    }

    /// <summary>Counts the values of a list that a call, a block or a branch moves; single ones are in proportion to the code.</summary>
    private void CountListedValues(int count)
    {
        if (count < 2 || _isResumeForm)
            return;
        _listedValues += count;
        Require(_listedValues, MaxListedValues(_body.Code.Length), ListedValues);
        _module.CountListedValues(count);
    }

    private LocalBuilder DeclareLocal(Type type)
    {
        var local = _il.DeclareLocal(type);
        Require(local.LocalIndex + 1, MaxVariables, "locals and other values to keep at once");
        return local;
    }

    /// <summary>The resume form is made when the module runs already. It passes where the run form passed.</summary>
    private void Require(long count, long limit, string what)
    {
        if (count > limit && !_isResumeForm)
            throw new NotSupportedException($"Function {_function} has too many {what}: {count}, and the limit is {limit}.");
    }
}

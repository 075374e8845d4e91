using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>The variables of a method that is being emitted. Those for values in passing, the temporaries, serve one after the other.</summary>
internal sealed class Variables(ILGenerator il, FunctionLimits limits)
{
    private readonly Dictionary<ValType, Stack<Variable>> _free = [];

    /// <summary>A new local of the .NET method.</summary>
    public LocalBuilder DeclareLocal(Type type)
    {
        var local = il.DeclareLocal(type);
        limits.RequireFewLocals(local.LocalIndex + 1);
        return local;
    }

    /// <summary>A new variable, for good.</summary>
    public Variable Declare(ValType type) => new(type, DeclareLocal(ClrTypes.Of(type)));

    /// <summary>A temporary that nobody else uses until it is released.</summary>
    public Variable Take(ValType type)
    {
        var storage = StorageOf(type);
        if (!_free.TryGetValue(storage, out var free))
            _free.Add(storage, free = new Stack<Variable>());
        if (!free.TryPop(out var variable))
        {
            variable = Declare(storage);
            variable.IsTemporary = true;
        }

        variable.Holds = type;
        variable.PendingReads++;
        return variable;
    }

    /// <summary>A temporary for each value of a list.</summary>
    public Variable[] Take(ValType[] types) => Array.ConvertAll(types, Take);

    /// <summary>Takes back one reading of a variable. A temporary that nobody reads any more is free.</summary>
    public void Release(Variable variable)
    {
        if (--variable.PendingReads == 0 && variable.IsTemporary)
            _free[variable.Type].Push(variable);
    }

    /// <inheritdoc cref="Release(Variable)"/>
    public void Release(Variable[] variables) => Array.ForEach(variables, Release);

    /// <summary>All references share variables.</summary>
    private static ValType StorageOf(ValType type) => type.IsRef ? ValType.ExternRef : type;
}

namespace Fermata.Runtime;

/// <summary>A call of a suspending import whose task is not complete. Its arguments lie on top of the fiber's frames.</summary>
internal abstract class ImportSuspension(HostFunction function) : Suspension
{
    /// <summary>The next one in the pool of the import.</summary>
    internal ImportSuspension? NextIdle;

    public HostFunction Function { get; } = function;

    public override string Name => Function.Name;

    /// <summary>Keeps the object for another call of the import.</summary>
    public override void Recycle() => Function.IdleSuspensions.Return(this);
}

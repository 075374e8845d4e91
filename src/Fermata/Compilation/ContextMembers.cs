using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>The members of the run-time that generated code uses.</summary>
internal static class ContextMembers
{
    public static readonly FieldInfo Context = Field(typeof(Instance), nameof(Instance.Context));
    public static readonly FieldInfo Suspension = Field(typeof(StoreContext), nameof(StoreContext.Suspension));
    public static readonly FieldInfo StackLimit = Field(typeof(StoreContext), nameof(StoreContext.StackLimit));
    public static readonly FieldInfo SlotAddress = Field(typeof(StoreContext), nameof(StoreContext.SlotAddress));
    public static readonly FieldInfo ReferenceSlots = Field(typeof(StoreContext), nameof(StoreContext.ReferenceSlots));
    public static readonly FieldInfo IsInterrupted = Field(typeof(StoreContext), nameof(StoreContext.IsInterrupted));
    public static readonly MethodInfo SafePoint = Method(typeof(SafePoint), nameof(Fermata.Runtime.SafePoint.Reach));
    public static readonly FieldInfo Fuel = Field(typeof(StoreContext), nameof(StoreContext.Fuel));
    public static readonly MethodInfo CheckStack = Method(typeof(StoreContext), nameof(StoreContext.CheckStack));
    public static readonly MethodInfo RequireStack = Method(typeof(StoreContext), nameof(StoreContext.RequireStack));
    public static readonly FieldInfo StoppedNumbers = Field(typeof(StoreContext), nameof(StoreContext.StoppedNumbers));
    public static readonly FieldInfo StoppedReferences = Field(typeof(StoreContext), nameof(StoreContext.StoppedReferences));
    public static readonly MethodInfo Stop = Method(typeof(StoreContext), nameof(StoreContext.Stop));
    public static readonly MethodInfo SaveFrame = Method(typeof(StoreContext), nameof(StoreContext.SaveFrame));
    public static readonly MethodInfo SaveFrameByCall = Method(typeof(StoreContext), nameof(StoreContext.SaveFrameByCall));
    public static readonly MethodInfo SaveArguments = Method(typeof(StoreContext), nameof(StoreContext.SaveArguments));
    public static readonly MethodInfo SaveReferences = Method(typeof(StoreContext), nameof(StoreContext.SaveReferences));
    public static readonly FieldInfo Code = Field(typeof(Function), nameof(Function.Code));
    public static readonly FieldInfo Environment = Field(typeof(Function), nameof(Function.Environment));
    public static readonly FieldInfo TypeId = Field(typeof(Function), nameof(Function.TypeId));
    public static readonly FieldInfo ObjectBudget = Field(typeof(StoreContext), nameof(StoreContext.ObjectBudget));
    public static readonly MethodInfo CountObjects = Method(typeof(StoreContext), nameof(StoreContext.CountObjects));
    public static readonly MethodInfo CountObjectsOrEnd = Method(typeof(StoreContext), nameof(StoreContext.CountObjectsOrEnd));
    public static readonly FieldInfo FunctionContext = Field(typeof(Function), nameof(Function.Context));
    public static readonly MethodInfo RequireOwn = Method(typeof(ReferenceOperations), nameof(ReferenceOperations.RequireOwn));
    public static readonly MethodInfo TypeIdAt = Method(typeof(Instance), nameof(Instance.TypeIdAt));
    public static readonly MethodInfo FunctionAt = Method(typeof(Instance), nameof(Instance.FunctionAt));

    public static readonly MethodInfo ForceSuspension = Method(typeof(StoreContext), nameof(StoreContext.ForceSuspension));
    public static readonly MethodInfo Throw = Method(typeof(StoreContext), nameof(StoreContext.ThrowFrom));
    public static readonly MethodInfo LeaveFrom = Method(typeof(StoreContext), nameof(StoreContext.LeaveFrom));
    public static readonly MethodInfo TakeCatchable = Method(typeof(StoreContext), nameof(StoreContext.TakeCatchable));
    public static readonly MethodInfo HasTag = Method(typeof(ExceptionOperations), nameof(ExceptionOperations.HasTag));
    public static readonly MethodInfo ExceptionNumber = Method(typeof(ExceptionOperations), nameof(ExceptionOperations.Number));
    public static readonly MethodInfo ExceptionReference = Method(typeof(ExceptionOperations), nameof(ExceptionOperations.Reference));
    public static readonly MethodInfo NewException = Method(typeof(ExceptionOperations), nameof(ExceptionOperations.New));
    public static readonly MethodInfo ExceptionOfReference = Method(typeof(ExceptionOperations), nameof(ExceptionOperations.OfReference));
    public static readonly FieldInfo Data = Field(typeof(Instance), nameof(Instance.Data));
    public static readonly FieldInfo Elements = Field(typeof(Instance), nameof(Instance.Elements));
    public static readonly FieldInfo MemoryBase = Field(typeof(Memory), nameof(Memory.Base));
    public static readonly FieldInfo MemoryGuardedBase = Field(typeof(Memory), nameof(Memory.GuardedBase));
    public static readonly FieldInfo MemoryLength = Field(typeof(Memory), nameof(Memory.Length));
    public static readonly FieldInfo TableElements = Field(typeof(Table), nameof(Table.Elements));
    public static readonly FieldInfo GlobalBits = Field(typeof(Global), nameof(Global.Bits));
    public static readonly FieldInfo GlobalReference = Field(typeof(Global), nameof(Global.Reference));
    public static readonly FieldInfo GlobalVector = Field(typeof(Global), nameof(Global.Vector));
    public static readonly MethodInfo CheckAddress64 = Method(typeof(MemoryOperations), nameof(MemoryOperations.CheckAddress64));
    public static readonly MethodInfo MemoryBarrier = Method(typeof(Interlocked), nameof(Interlocked.MemoryBarrier));
    public static readonly MethodInfo ReadBarrier = Method(typeof(Volatile), nameof(Volatile.ReadBarrier));
    public static readonly MethodInfo TrapUndefinedOrUninitializedElement = Method(typeof(Trap), nameof(Trap.UndefinedOrUninitializedElement));
    public static readonly MethodInfo TrapCallType = Method(typeof(Trap), nameof(Trap.IndirectCallTypeMismatch));
    public static readonly MethodInfo CastFunction = Method(typeof(FunctionCasts), nameof(FunctionCasts.Cast));
    public static readonly MethodInfo TrapCast = Method(typeof(Trap), nameof(Trap.CastFailure));
    public static readonly MethodInfo TestFunction = Method(typeof(ReferenceOperations), nameof(ReferenceOperations.IsFunctionOf));

    /// <summary>The array of an instance with all its memories, tables, globals or tags.</summary>
    public static FieldInfo InstanceArray(ExternKind kind) => Field(typeof(Instance), kind switch
    {
        ExternKind.Memory => nameof(Instance.Memories),
        ExternKind.Table => nameof(Instance.Tables),
        ExternKind.Global => nameof(Instance.Globals),
        _ => nameof(Instance.Tags),
    });

    public static FieldInfo Field(Type type, string name) =>
        type.GetField(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(type.Name, name);

    public static MethodInfo Method(Type type, string name) =>
        type.GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        ?? throw new MissingMethodException(type.Name, name);

    /// <summary>Pushes the address of a slot; the context is on the stack.</summary>
    public static void EmitSlotAddress(ILGenerator il, ValType type, int slot)
    {
        if (type.IsRef)
        {
            il.Emit(OpCodes.Ldfld, ReferenceSlots);
            il.Emit(OpCodes.Ldc_I4, slot);
            il.Emit(OpCodes.Ldelema, typeof(object));
            return;
        }

        il.Emit(OpCodes.Ldfld, SlotAddress);
        il.Emit(OpCodes.Ldc_I4, slot * sizeof(ulong));
        il.Emit(OpCodes.Add);
    }

    /// <summary>Replaces the context on the IL stack by the value in a slot.</summary>
    public static void EmitLoadSlot(ILGenerator il, ValType type, int slot)
    {
        EmitSlotAddress(il, type, slot);
        ClrTypes.EmitLoadIndirect(il, type);
    }
}

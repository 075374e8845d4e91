using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Writes code of a dynamic assembly, naming each member by one token, wherever it is used.</summary>
/// <remarks>
/// Reflection.Emit describes such a member anew for each use, which took half the time of loading a module and an eighth of its memory. A call by its token does not tell the
/// generator how it changes the height of the IL stack, so calls that leave it higher are described anew all the same; those that leave it lower make the
/// stack seem higher than it is, which costs nothing.
/// </remarks>
internal sealed class TokenWriter(ILGenerator il, MemberTokens tokens) : ILGenerator
{
    public override int ILOffset => il.ILOffset;

    public override void Emit(OpCode opcode, FieldInfo field) => il.Emit(opcode, tokens.Find(field));

    public override void Emit(OpCode opcode, MethodInfo method)
    {
        if (tokens.TryFind(method, out var token))
            il.Emit(opcode, token);
        else
            il.Emit(opcode, method);
    }

    public override void Emit(OpCode opcode, Type type) => il.Emit(opcode, type);

    public override void Emit(OpCode opcode, ConstructorInfo constructor) => il.Emit(opcode, constructor);

    public override void Emit(OpCode opcode) => il.Emit(opcode);

    public override void Emit(OpCode opcode, byte argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, short argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, int argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, long argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, float argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, double argument) => il.Emit(opcode, argument);

    public override void Emit(OpCode opcode, string text) => il.Emit(opcode, text);

    public override void Emit(OpCode opcode, Label label) => il.Emit(opcode, label);

    public override void Emit(OpCode opcode, Label[] labels) => il.Emit(opcode, labels);

    public override void Emit(OpCode opcode, LocalBuilder local) => il.Emit(opcode, local);

    public override void Emit(OpCode opcode, SignatureHelper signature) => il.Emit(opcode, signature);

    public override void EmitCall(OpCode opcode, MethodInfo methodInfo, Type[]? optionalParameterTypes) => il.EmitCall(opcode, methodInfo, optionalParameterTypes);

    public override void EmitCalli(
        OpCode opcode, CallingConventions callingConvention, Type? returnType, Type[]? parameterTypes, Type[]? optionalParameterTypes) =>
        il.EmitCalli(opcode, callingConvention, returnType, parameterTypes, optionalParameterTypes);

    public override void EmitCalli(OpCode opcode, System.Runtime.InteropServices.CallingConvention unmanagedCallConv, Type? returnType, Type[]? parameterTypes) =>
        il.EmitCalli(opcode, unmanagedCallConv, returnType, parameterTypes);

    public override LocalBuilder DeclareLocal(Type localType, bool pinned) => il.DeclareLocal(localType, pinned);

    public override Label DefineLabel() => il.DefineLabel();

    public override void MarkLabel(Label loc) => il.MarkLabel(loc);

    public override Label BeginExceptionBlock() => il.BeginExceptionBlock();

    public override void BeginCatchBlock(Type? exceptionType) => il.BeginCatchBlock(exceptionType);

    public override void BeginExceptFilterBlock() => il.BeginExceptFilterBlock();

    public override void BeginFaultBlock() => il.BeginFaultBlock();

    public override void BeginFinallyBlock() => il.BeginFinallyBlock();

    public override void EndExceptionBlock() => il.EndExceptionBlock();

    public override void BeginScope() => il.BeginScope();

    public override void EndScope() => il.EndScope();

    public override void UsingNamespace(string usingNamespace) => il.UsingNamespace(usingNamespace);
}

namespace Fermata;

/// <summary>The C stack of an instance: where it is, how it was found, and what is done to keep it: <see cref="Instance.ShadowStack"/>.</summary>
/// <param name="GlobalIndex">The index of the global that points to it.</param>
/// <param name="GlobalName">The name under which the global is exported, or that it has in the name section, or under which it is imported; null without one.</param>
/// <param name="Source">How that global was found.</param>
/// <param name="LowestAddress">
/// The lowest address of the stack, if the module exports it: <c>__stack_low</c>, or <c>__data_end</c> where the stack lies between that and
/// <c>__heap_base</c>. Null where it is not known; then a stack that overflows is not noticed, except with <see cref="ShadowStackPolicy.Separate"/>.
/// </param>
/// <param name="Top">The address above the stack: what the pointer was before any code of the instance ran. Null if the global is imported.</param>
/// <param name="Policy">What is done so that calls do not destroy one another's part of it.</param>
public sealed record class ShadowStackInfo(
    int GlobalIndex, string? GlobalName, StackPointerSource Source, ulong? LowestAddress, ulong? Top, ShadowStackPolicy Policy);

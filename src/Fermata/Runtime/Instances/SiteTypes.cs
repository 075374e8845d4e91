namespace Fermata.Runtime;

/// <summary>The types of what a frame that waits at a call site keeps and takes, by which frames that come from outside are checked.</summary>
/// <param name="Results">What the frame takes when it goes on: the results of the call.</param>
/// <param name="References">The types of its references, in their order.</param>
internal readonly record struct SiteTypes(ValType[] Results, ValType[] References);

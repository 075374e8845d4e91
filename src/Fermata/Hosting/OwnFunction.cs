namespace Fermata.Hosting;

/// <summary>Stands for an import that is a function of the importing instance itself.</summary>
/// <param name="Index">The index of the function, which is not imported.</param>
internal sealed record OwnFunction(int Index);

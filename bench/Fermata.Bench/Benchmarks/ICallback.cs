namespace Fermata.Bench;

/// <summary>Something that an <see cref="EventLoop"/> runs.</summary>
internal interface ICallback
{
    void Run();
}

namespace Fermata.Bench;

/// <summary>The import <c>env.wait</c>: its task is never complete when it returns, and the loop completes it.</summary>
internal interface IWaitImport
{
    EventLoop Loop { get; }

    ValueTask<int> Wait(int value);
}

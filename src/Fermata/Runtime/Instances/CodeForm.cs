namespace Fermata.Runtime;

/// <summary>The forms that a function has.</summary>
internal enum CodeForm
{
    /// <summary>What a call calls.</summary>
    Run,

    /// <summary>What goes on after a call site with the values of a frame.</summary>
    Resume,
}

namespace Fermata.Runtime;

/// <summary>What the run time knows of a function's code.</summary>
internal struct FunctionCode
{
    /// <summary>The address of the run form; 0 until it was made.</summary>
    public nint EntryPoint;

    /// <summary>The address of the resume form; 0 until it was made.</summary>
    public nint ResumeForm;

    /// <summary>The calls that may suspend, by number.</summary>
    public CallSite[] Sites;

    /// <summary>For each of them its types, and what the function leaves in the slots at its end; null until the run form was made.</summary>
    public FrameTypes? FrameTypes;

    /// <summary>How much native stack the function may take, in bytes, if that is much; else zero.</summary>
    public nuint LargeFrameBytes;
}

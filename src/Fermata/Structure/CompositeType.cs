namespace Fermata;

/// <summary>What a defined type is made of: a function, a structure or an array.</summary>
/// <remarks>WebAssembly 3.0, section 2.3.9 "Composite Types".</remarks>
public abstract class CompositeType
{
    private protected CompositeType()
    {
    }
}

using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>A structure (section 4.2.15 "Aggregate Instances"). Each structure type has a generated class, derived from that of its supertype.</summary>
internal abstract class WasmStruct : ITypedReference
{
    DefinedType ITypedReference.DefinedType => AggregateClass.Find(this)!.Definition;
}

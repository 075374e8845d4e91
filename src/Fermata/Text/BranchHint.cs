namespace Fermata.Text;

/// <summary>A branch hint: 0 for unlikely, 1 for likely.</summary>
internal readonly record struct BranchHint(byte Value, int TextOffset);

using Fermata.Runtime;

namespace Fermata;

public sealed partial class Memory
{
    /// <summary>Takes the contents of an image. The turn is held.</summary>
    /// <exception cref="InvalidOperationException">The memory is larger than the image.</exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses it.</exception>
    /// <exception cref="InsufficientMemoryException">There is no room for it.</exception>
    internal void Load(MemoryImage image)
    {
        RequireUsable();
        if (image.Length < Length)
            throw new InvalidOperationException($"The memory that is imported has {PageCount} pages, and the image only {image.Length / PageSize}.");
        var added = (long)(image.Length - Length);
        Store!.Resources.Reserve(StoreResource.MemoryBytes, added);
        lock (_lock)
        {
            if (image.Length <= MaxPages * PageSize && image.TryLoad(_reservation, Length))
            {
                Volatile.Write(ref Length, image.Length);
                return;
            }
        }

        Store.Resources.Release(StoreResource.MemoryBytes, added);
        throw new InsufficientMemoryException($"There is no room for an image of {image.Length / PageSize} pages of 64 KiB.");
    }
}

using Fermata.Durable;

namespace Fermata.Orleans;

/// <summary>Starts the host before the silo has grains, and stops it after them.</summary>
internal sealed class DurableSilo(DurableHostAccessor accessor) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(DurableSilo), ServiceLifecycleStage.RuntimeStorageServices, accessor.StartAsync, accessor.StopAsync);
}

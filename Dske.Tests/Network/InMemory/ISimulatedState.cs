using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network.InMemory;

/// <summary>What a node keeps besides PSRD, on a machine that may lose power.</summary>
internal interface ISimulatedState
{
    /// <summary>What may take effect a little later takes effect now.</summary>
    void Flush();

    /// <summary>Of what may take effect a little later, some has and some has not.</summary>
    void LosePower();

    /// <summary>A copy of what is stored, for another machine.</summary>
    ISimulatedState Copy(Power power, Random random);
}

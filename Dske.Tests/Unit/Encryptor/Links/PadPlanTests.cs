using Dske.Encryptor.Links;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.Encryptor.Links;

[Trait("Tier", "Unit")]
public sealed class PadPlanTests
{
    private static readonly LinkSettings Settings = new(LinkCipher.OneTimePad, TimeSpan.FromMinutes(1), 1L << 36, TimeSpan.FromHours(1), 1024 * 1024);

    [Fact]
    public void A_plan_fits_the_kme_and_the_reserve()
    {
        Assert.Equal(new PadPlan(128 * 1024, 64), PadPlan.For(Settings, Kme(maxKeySize: 16_777_216, maxKeys: 128)));
        Assert.Equal(new PadPlan(8 * 1024, 10), PadPlan.For(Settings, Kme(maxKeySize: 65_536, maxKeys: 10)));
        Assert.Equal(new PadPlan(1024 * 1024, 8), PadPlan.For(Settings with { PadBytes = LinkLimits.MaxPadBytes }, Kme(maxKeySize: 16_777_216, maxKeys: 128)));
        Assert.Null(PadPlan.For(Settings, Kme(maxKeySize: 1024, maxKeys: 128)));
        Assert.Null(PadPlan.For(Settings, Kme(maxKeySize: 65_536, maxKeys: 1)));
    }

    [Fact]
    public void An_empty_reserve_is_filled_for_both_directions_as_far_as_a_request_goes()
    {
        Assert.Equal((8, 8, 128 * 1024), new PadPlan(128 * 1024, 64).Next(null, Settings));
        Assert.Equal((5, 5, 8 * 1024), new PadPlan(8 * 1024, 10).Next(null, Settings));
    }

    [Fact]
    public void The_direction_that_has_less_gets_more()
    {
        using var pads = SecureLinks.LinkSample.Pads(LinkRole.Initiator);
        var settings = Settings with { PadBytes = SecureLinks.LinkSample.PadSize };
        Assert.False(PadPlan.IsLow(pads, settings));
        Assert.Equal((1, 0, 4096), new PadPlan(4096, 64).Next(pads, settings));

        var (sealer, _) = SecureLinks.LinkSample.Stream(pads);
        for (var i = 0; i < 3; i++)
        {
            SecureLinks.LinkSample.Seal(sealer, RecordType.Data, new byte[PadKeys.MaxPayload]);
        }

        Assert.True(PadPlan.IsLow(pads, settings));
        var (toResponder, toInitiator, _) = new PadPlan(4096, 64).Next(pads, settings);
        Assert.True(toResponder > 10 && toInitiator == 0);
    }

    private static KmeStatus Kme(int maxKeySize, int maxKeys) => new()
    {
        SourceKmeId = "carol",
        TargetKmeId = "conny",
        MasterSaeId = "sam",
        SlaveSaeId = "sofia",
        KeySize = 256,
        StoredKeyCount = 1,
        MaxKeyCount = 1,
        MaxKeyPerRequest = maxKeys,
        MaxKeySize = maxKeySize,
        MinKeySize = 64,
        MaxSaeIdCount = 0,
    };
}

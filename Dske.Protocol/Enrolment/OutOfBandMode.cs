namespace Dske.Protocol.Enrolment;

/// <summary>Whom a hub serves on its out-of-band routes, which stand for a courier.</summary>
public enum OutOfBandMode
{
    /// <summary>Whoever shows an enrolment token of this hub, and as far as the token goes.</summary>
    Token,

    /// <summary>Whoever asks.</summary>
    Open,

    /// <summary>Nobody: registrations and PSRD come another way.</summary>
    Off,
}

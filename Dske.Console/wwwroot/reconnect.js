// The dialog of Layout/ReconnectDialog.razor: Blazor's script tells by an event how the connection is.
const dialog = document.getElementById("components-reconnect-modal");

dialog.addEventListener("components-reconnect-state-changed", event => {
    switch (event.detail.state) {
        case "show":
            if (!dialog.open) {
                dialog.showModal();
            }
            break;
        case "hide":
            dialog.close();
            break;
        case "failed":
            // Whoever comes back to the page wants to see it live.
            document.addEventListener("visibilitychange", reloadWhenSeen);
            break;
        case "rejected":
            // The server answers and does not know this page any more: it was restarted.
            location.reload();
            break;
    }
});

document.getElementById("components-reconnect-button").addEventListener("click", () => location.reload());

async function reloadWhenSeen() {
    if (document.visibilityState === "visible") {
        location.reload();
    }
}

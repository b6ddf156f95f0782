// Presses the sign-out button for the person, who already asked for it at Visio.
document.querySelector('button[name="logout"]').click();

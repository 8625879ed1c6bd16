// What a contract says when it says nothing.

/** The reply to a submission. */
export const SUBMIT_REPLY = { status: 202, json: { id: "{{ submission.id }}", status: "accepted" } };

//! What the error of a write tells.

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "accounts")]
struct Account {
    #[dynamo(partition_key)]
    id: String,
    balance: u64,
    pin: Sensitive<String>,
}

/// Takes from an account what it has.
async fn withdraw(client: &SecureClient, id: &str, amount: u64) -> Result<Account, String> {
    let withdrawn = Account::update(Account::key(id))
        .subtract(Account::BALANCE, amount)
        .if_exists()
        .returning_new()
        .send(client)
        .await;
    withdrawn.map_err(|error| match error.current() {
        Some(account) => format!("there are only {} left", account.balance),
        None if error.is_absent() => "there is no such account".to_owned(),
        None if error.is_outcome_unknown() => "look at the balance before trying again".to_owned(),
        None => Error::from(error).to_string(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Account>().build().await?;
    let pin = Sensitive::new("1234".to_owned());
    let account = Account { id: "a1".to_owned(), balance: 100, pin };
    Account::create(account).send(&client).await?;

    assert_eq!(withdraw(&client, "a1", 70).await.map(|account| account.balance), Ok(30));
    assert_eq!(withdraw(&client, "a1", 70).await, Err("there are only 30 left".to_owned()));
    assert_eq!(withdraw(&client, "a2", 70).await, Err("there is no such account".to_owned()));

    // Neither the error nor the item shows the pin.
    let taken = Account { id: "a1".to_owned(), balance: 0, pin: Sensitive::new("9".to_owned()) };
    let error = Account::create(taken).send(&client).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.current());
    assert!(shown.contains("[redacted]") && !shown.contains("1234"), "{shown}");
    Ok(())
}

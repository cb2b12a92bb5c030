//! A payment that happens once, however often its request arrives: by a transaction.

use dynamo_runtime::TransactionError;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "accounts")]
struct Account {
    #[dynamo(partition_key)]
    owner: String,
    balance: u64,
    #[dynamo(version)]
    version: Version,
}

/// Its key is the caller's own, so the second one with it is the same payment.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "payments")]
struct Payment {
    #[dynamo(partition_key)]
    request_id: String,
    from: String,
    to: String,
    amount: u64,
    #[dynamo(created_at)]
    made_at: Timestamp,
}

/// Both accounts and the payment, or nothing.
async fn pay(client: &SecureClient, payment: Payment) -> Result<Payment, TransactionError> {
    let Payment { from, to, amount, .. } = payment.clone();
    let debit = Account::update(Account::key(&*from))
        .subtract(Account::BALANCE, amount)
        .condition(Account::BALANCE.ge(amount));
    let credit = Account::update(Account::key(&*to)).add(Account::BALANCE, amount).if_exists();
    let transaction = Transaction::new().create(payment).update(debit).update(credit);
    match transaction.send(client).await {
        Ok((made,)) => Ok(made),
        // It was made before: what is there is what that one wrote.
        Err(error) => {
            match error.reasons().first().and_then(|reason| reason.current::<Payment>()) {
                Some(made) => Ok(made.clone()),
                None => Err(error),
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).table::<Account>().table::<Payment>();
    let client = client.build().await?;
    for (owner, balance) in [("ann", 100), ("bob", 0)] {
        let account = Account { owner: owner.into(), balance, version: Version::UNSAVED };
        Account::create(account).send(&client).await?;
    }
    let payment = |request_id: &str, amount| Payment {
        request_id: request_id.into(),
        from: "ann".into(),
        to: "bob".into(),
        amount,
        made_at: Timestamp::now(),
    };
    let balances = async || {
        let accounts = ["ann", "bob"].map(|owner| Account::get(Account::key(owner)));
        let accounts = Transaction::get(accounts).send(&client).await?;
        Ok::<_, TransactionError>(accounts.map(|account| account.map(|account| account.balance)))
    };

    // The answer is lost: the transaction is sent again, with the same token, and applied once.
    engine.faults().lose_response("TransactWriteItems");
    let made = pay(&client, payment("r1", 60)).await?;
    assert_eq!(balances().await?, [Some(40), Some(60)]);

    // The caller asks again: the same payment, and no money moves.
    assert_eq!(pay(&client, payment("r1", 60)).await?, made);
    assert_eq!(balances().await?, [Some(40), Some(60)]);

    // There is not enough: nothing is applied, and the reason has the account as it is.
    let error = pay(&client, payment("r2", 60)).await.unwrap_err();
    let [payment, debit, credit] = error.reasons() else { unreachable!() };
    assert!(payment.is_none() && debit.is_condition_failed() && credit.is_none());
    assert_eq!(debit.current::<Account>().map(|account| account.balance), Some(40));
    Ok(())
}
